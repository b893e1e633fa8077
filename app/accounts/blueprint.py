"""The routes of accounts hang on this."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)
