"""From degrees to the plane: a view that fits what is to be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from harborlight.places.gazetteer import EARTH_KM

Floats = npt.NDArray[np.float64]

#: Wider or higher than this, or as near the equator, a cone misleads more than plain degrees.
WIDE, HIGH, NEAR_EQUATOR = 100.0, 60.0, 12.0


@dataclass(frozen=True)
class Projection:
    """Kilometers east and north of a center: Albers' equal-area cone, or plain degrees."""

    lon0: float
    lat0: float
    parallels: tuple[float, float] | None  # None: equirectangular

    def __call__(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """Kilometers east and north of the center of positions in degrees."""
        east = np.radians((np.asarray(lon) - self.lon0 + 180) % 360 - 180)
        north = np.radians(np.asarray(lat))
        middle = math.radians(self.lat0)
        if self.parallels is None:
            return EARTH_KM * east * math.cos(middle), EARTH_KM * (north - middle)
        # Snyder, Map Projections: A Working Manual (1987), equations 14-1 to 14-6 for the sphere.
        low, high = (math.radians(p) for p in self.parallels)
        n = (math.sin(low) + math.sin(high)) / 2
        c = math.cos(low) ** 2 + 2 * n * math.sin(low)
        rho = EARTH_KM * np.sqrt(np.maximum(c - 2 * n * np.sin(north), 0)) / n
        rho0 = EARTH_KM * math.sqrt(max(c - 2 * n * math.sin(middle), 0)) / n
        return rho * np.sin(n * east), rho0 - rho * np.cos(n * east)


@dataclass(frozen=True)
class View:
    """A projection and the part of its plane that is drawn, `width` by `height` pixels."""

    projection: Projection
    west: float  # kilometers of the left and upper edge
    top: float
    scale: float  # pixels a kilometer
    width: float
    height: float

    def pixels(self, lat: Floats, lon: Floats) -> tuple[Floats, Floats]:
        """x to the right and y down of positions in degrees."""
        east, north = self.projection(lat, lon)
        return (east - self.west) * self.scale, (self.top - north) * self.scale


def fit(
    lat: Floats,
    lon: Floats,
    width: float,
    margin: float = 0.14,
    least_km: float = 60.0,
    shapes: tuple[float, float] = (0.5, 0.85),
) -> View:
    """The view that shows all positions (at least one) with a margin, `width` pixels wide.

    `margin` is a share of the width on every side, `least_km` the least ground shown across, and
    `shapes` the least and greatest height as a share of the width.
    """
    lon0 = _middle_of_circle(lon)
    away = (lon - lon0 + 180) % 360 - 180
    lon0 += float(away.min() + away.max()) / 2
    south, north = float(lat.min()), float(lat.max())
    lat0 = (south + north) / 2
    wide, high = float(np.ptp(away)), north - south
    cone = wide <= WIDE and high <= HIGH and abs(lat0) >= NEAR_EQUATOR and abs(lat0) + high / 2 < 85
    parallels = (south + high / 6 - 0.5, north - high / 6 + 0.5) if cone else None
    projection = Projection(lon0, lat0, parallels)
    x, y = projection(lat, lon)
    inner = 1 - 2 * margin
    across = max(float(np.ptp(x)) / inner, least_km)
    up = max(float(np.ptp(y)) / inner, least_km * shapes[0])
    shape = min(max(up / across, shapes[0]), shapes[1])
    across = max(across, up / shape)
    middle_x, middle_y = float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2
    height = round(width * shape)
    scale = width / across
    return View(
        projection,
        west=middle_x - across / 2,
        top=middle_y + height / scale / 2,
        scale=scale,
        width=width,
        height=height,
    )


def _middle_of_circle(lon: Floats) -> float:
    """The middle of the shortest arc that holds all longitudes, so that 179 and -179 are near."""
    around = np.sort(lon % 360)
    gaps = np.diff(np.append(around, around[0] + 360))
    after = int(np.argmax(gaps))
    return float(around[after] + gaps[after] / 2 + 180) % 360
