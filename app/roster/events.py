"""What imports leave in the audit table: hashes and counts, never what was in a file."""

from app.core.audit import declare

UPLOADED = declare("roster:upload", "sha256", "size")
APPLIED = declare("roster:apply", "sha256", "file_kind", "new", "changed", "moved", "gone")
DISCARDED = declare("roster:discard", "sha256")
CUSTODY = declare("roster:custody", "guardianship_id", "custody")
LINK_ENDED = declare("roster:link-end", "guardianship_id")
