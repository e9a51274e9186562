"""Somebody with an account beside the cast, and with a password of their own."""

EMAIL = "can.bo@example.org"
SECRET = "một câu dài dễ nhớ"
