"""The intake gateway: an admission desk that works by mail."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("intake-gateway")
except PackageNotFoundError:  # run from an unpacked tree without an install
    __version__ = "0+unknown"
