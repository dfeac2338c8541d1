"""The sign-in form."""

from wtforms import Form, PasswordField, StringField
from wtforms.validators import InputRequired, Length


class SignInForm(Form):  # type: ignore[misc]  # WTForms is untyped
    """An e-mail address and a password; says which is missing, never which is wrong."""

    email = StringField(
        "E-mail address",
        filters=[lambda text: "".join(filter(str.isprintable, text or "")).strip().lower()],
        validators=[
            InputRequired("Enter your e-mail address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
    )
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password."),
            Length(max=128, message="A password has at most 128 characters."),
        ],
    )
