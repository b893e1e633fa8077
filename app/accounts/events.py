"""What accounts write into the audit table. Never a typed name, an address or a password."""

from app.core.audit import declare

LOGIN = declare("account:login", "shared")
LOGIN_FAILED = declare("account:login-failed", "verdict")
LOGOUT = declare("account:logout")
INVITE = declare("account:invite", "guardian_id")
STAFF_ADD = declare("account:staff-add", "role")
LINK_SENT = declare("account:link-sent", "purpose")
PASSWORD_SET = declare("account:password-set", "purpose")
PASSWORD_CHANGE = declare("account:password-change")
PASSWORD_REFUSED = declare("account:password-refused", "verdict")
SESSION_END = declare("account:session-end", "count")
NOT_ME = declare("account:not-me")
EMAIL_CORRECT = declare("guardian:email-correct")
