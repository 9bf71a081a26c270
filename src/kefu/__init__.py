"""kefu (客服): the open-source support desk of an exchange."""

__version__ = "0.1.0"
