"""The forms of the door and of people: signing in, a new password, an invitation, a person."""

from email_validator import EmailNotValidError, validate_email
from wtforms import Form, PasswordField, RadioField, SelectChoice, StringField, ValidationError
from wtforms.validators import InputRequired, Length

from newsapp.accounts.models import ROLES
from newsapp.formats import line

SHORTEST, LONGEST = 12, 128  # characters of a password


def checked_address(text: str) -> str:
    """An e-mail address as accounts have it; ValueError with a sentence for what is none."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError as reason:
        raise ValueError(f"{text!r} is no e-mail address: {reason}") from None
    return checked.normalized.lower()


def typed_address(text: str | None) -> str:
    """What somebody typed as their address, without what nobody sees, in small letters."""
    return "".join(filter(str.isprintable, text or "")).strip().lower()


class AddressForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """An e-mail address, as somebody types who they are."""

    email = StringField(
        "E-mail address",
        filters=[typed_address],
        validators=[
            InputRequired("Enter your e-mail address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
    )


class ForgottenForm(AddressForm):
    """Where a way back in is to be sent."""

    def validate_email(self, field: StringField) -> None:
        """Refuses what mail can't go to."""
        try:
            checked_address(field.data)
        except ValueError:
            raise ValidationError("That is no e-mail address. One is rosa@example.org.") from None


class SignInForm(AddressForm):
    """An e-mail address and a password; says which is missing, never which is wrong."""

    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password."),
            Length(max=LONGEST, message=f"A password has at most {LONGEST} characters."),
        ],
    )


class NameForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What a person is called at the desk."""

    name = StringField(
        "Name",
        filters=[line],
        validators=[
            InputRequired("Enter a name."),
            Length(max=120, message="A name has at most 120 characters."),
        ],
        description="As colleagues read it at the desk.",
    )


class NewPasswordForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """A new password: long rather than strange."""

    new_password = PasswordField(
        "New password",
        validators=[InputRequired("Enter a new password.")],
        description=f"{SHORTEST} characters or more. Four words that don’t belong together do.",
    )

    def __init__(self, *args: object, email: str = "", **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._email = email

    def validate_new_password(self, field: PasswordField) -> None:
        """Long enough, and neither one letter again and again nor the address."""
        text = field.data.casefold()
        if not SHORTEST <= len(field.data) <= LONGEST:
            raise ValidationError(f"A password has {SHORTEST} to {LONGEST} characters.")
        if len(set(text)) < 5 or "password" in text or text in "1234567890" * 13:
            raise ValidationError("This is among the first that anybody tries. Use other words.")
        if self._email and self._email.partition("@")[0] == text or text == self._email:
            raise ValidationError("A password must not be your e-mail address.")


class WelcomeForm(NameForm, NewPasswordForm):
    """What somebody who was invited says of themselves."""

    new_password = PasswordField(
        "Password",
        validators=[InputRequired("Choose a password.")],
        description=NewPasswordForm.new_password.kwargs["description"],
    )


class ProofForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """The password again, of somebody who is signed in."""

    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password."),
            Length(max=LONGEST, message=f"A password has at most {LONGEST} characters."),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    """The password that is, and the one that shall be."""

    password = PasswordField(
        "Current password",
        validators=[
            InputRequired("Enter your current password."),
            Length(max=LONGEST, message=f"A password has at most {LONGEST} characters."),
        ],
    )


class CodeForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """A code of an app, or a recovery code."""

    code = StringField(
        "Code",
        filters=[line],
        validators=[
            InputRequired("Enter the code."),
            Length(max=60, message="A code is not that long."),
        ],
    )


class PasskeyForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What a passkey is called."""

    name = StringField(
        "Name",
        filters=[line],
        validators=[
            InputRequired("Give it a name, such as “my phone”."),
            Length(max=60, message="A name has at most 60 characters."),
        ],
    )


class RoleForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """What a person may do."""

    role = RadioField(
        "Role",
        choices=[
            SelectChoice(name, f"{name.capitalize()}: {does}") for name, does in ROLES.items()
        ],
        validators=[InputRequired("Choose what they may do.")],
    )


class PersonForm(NameForm, RoleForm):
    """What an admin says of a person."""


class InvitationForm(RoleForm):
    """Who is asked in."""

    email = StringField(
        "E-mail address",
        filters=[typed_address],
        validators=[InputRequired("Enter their e-mail address.")],
    )
    name = StringField(
        "Name",
        filters=[line],
        validators=[Length(max=120, message="A name has at most 120 characters.")],
        description="If you know it; they can change it.",
    )

    def validate_email(self, field: StringField) -> None:
        """An address that mail can go to."""
        try:
            field.data = checked_address(field.data)
        except ValueError:
            raise ValidationError("Enter an address such as mei@example.org.") from None
        if len(field.data) > 254:
            raise ValidationError("An e-mail address has at most 254 characters.")
