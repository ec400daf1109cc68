"""Sparse matrices by their rows, without the detours that SciPy takes for the general case."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

Value = TypeVar("Value", bound=np.generic)


def with_values(matrix: sp.csr_matrix, values: npt.NDArray[Any]) -> sp.csr_matrix:
    """The same matrix with other values where it has any."""
    new: sp.csr_matrix = sp.csr_matrix((values, matrix.indices, matrix.indptr), shape=matrix.shape)
    new.has_canonical_format = True
    return new


def by_row(
    put_together: np.ufunc, values: npt.NDArray[Value], indptr: npt.NDArray[Any]
) -> npt.NDArray[Value]:
    """The values of each row put together; 0 for a row without any."""
    result = np.zeros(len(indptr) - 1, values.dtype)
    some = np.flatnonzero(indptr[1:] > indptr[:-1])
    if len(some):
        result[some] = put_together.reduceat(values, indptr[some])
    return result
