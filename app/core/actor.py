"""Who acts, as plain data: the domain decides on this and needs no web."""

import uuid
from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """What staff may do, as `resource:action`. Alphabetical."""

    CHANGES_REVIEW = "changes:review"
    GUARDIANS_INVITE = "guardians:invite"
    GUARDIANS_READ = "guardians:read"
    ROSTER_IMPORT = "roster:import"


class Role(StrEnum):
    """What somebody is at a school. The value is stored."""

    ADMINISTRATOR = "administrator"
    DIRECTOR = "director"
    TEACHER = "teacher"


# A teacher reads the own group's records in later modules; reviewing, inviting and importing is the office's work.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.DIRECTOR: frozenset({Permission.CHANGES_REVIEW, Permission.GUARDIANS_INVITE, Permission.GUARDIANS_READ}),
    Role.TEACHER: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Post:
    """A role at one school."""

    school_id: uuid.UUID
    role: Role
    staff_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request or a command.

    `guardian_ids` are the register's guardians (one a school) that this account is; `posts` the roles as staff.
    """

    account_id: uuid.UUID | None
    name: str = ""
    guardian_ids: tuple[uuid.UUID, ...] = ()
    posts: tuple[Post, ...] = ()

    @property
    def is_guardian(self) -> bool:
        return bool(self.guardian_ids)

    @property
    def is_staff(self) -> bool:
        return bool(self.posts)

    def schools_with(self, permission: Permission) -> tuple[uuid.UUID, ...]:
        """The schools at which this person holds the permission."""
        return tuple(post.school_id for post in self.posts if permission in GRANTS[post.role])

    def may(self, permission: Permission, school_id: uuid.UUID | None = None) -> bool:
        """Whether the permission is held, at that school or (without one) at any."""
        schools = self.schools_with(permission)
        return bool(schools) if school_id is None else school_id in schools


NOBODY = Actor(account_id=None)
