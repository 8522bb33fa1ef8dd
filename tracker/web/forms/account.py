"""The form by which an admin adds people."""

from tracker.rules.vocabulary import Role
from tracker.web.forms import Form, LineField, Required, WordField, choices

ROLES = {
    Role.READER: "reader: reads everything",
    Role.ADVOCATE: "advocate: logs, lodges, records, proposes",
    Role.LAWYER: "lawyer: as advocate",
    Role.EDITOR: "editor: clears for the public",
    Role.ADMIN: "admin: people, no cases",
}


class PersonForm(Form):
    """Somebody who may sign in."""

    email = LineField("E-mail address", limit=255, validators=[Required("Give the address.")])
    name = LineField("Name", limit=100, validators=[Required("Give the name.")])
    role = WordField(
        "Role",
        choices=choices((it.value, words) for it, words in ROLES.items()),
        default="reader",
        validators=[Required("Choose a role.")],
    )
    # How long it may be is said when it is looked at: letters with accents may come in two parts each.
    password = LineField("First password", limit=1024, validators=[Required("Give a password.")])
