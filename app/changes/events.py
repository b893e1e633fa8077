"""What the pencil leaves in the audit table. Keys of items, never values."""

from app.core.audit import declare

PROPOSED = declare("change:propose", "section", "keys")
WITHDRAWN = declare("change:withdraw", "section", "keys")
DECIDED = declare("change:decide", "section", "approved", "rejected")
APPLIED = declare("change:apply", "section", "key")
UNDONE = declare("change:undo", "section", "restored", "left")
CONFIRMED = declare("change:confirm-address", "section")
