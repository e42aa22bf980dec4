"""The intake gateway: an admission desk that works by mail."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("intake-gateway")
except PackageNotFoundError:  # running from a source tree that is not installed
    __version__ = "0+unknown"
