from pipelines.conftest import stack

__all__ = ["stack"]
