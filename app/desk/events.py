"""What the desk leaves in the audit table."""

from app.core.audit import declare

RECORD_READ = declare("record:read", "section")
TAKEN_OVER = declare("change:take-over", "section")
