"""Loads CRM connector modules into a Python program. See host-sdk/python/README.md."""

from .change_log import ChangeLog
from .connector import Connector, Response
from .crash_mark import CrashMark
from .errors import Code, CrmError
from .host import Host, LogLevel
from .loader import Module, load
from .manifest import Manifest

__all__ = ["ChangeLog", "Code", "Connector", "CrashMark", "CrmError", "Host", "LogLevel", "Manifest", "Module", "Response", "load"]
