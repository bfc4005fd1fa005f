"""Every chart of the library in one place: a table in, a `Chart` out."""

from engagement_lib.sharing.plots_claims import plot_claims, plot_triangulation
from engagement_lib.sharing.plots_codes import plot_agreement, plot_codes, plot_overlaps, plot_words
from engagement_lib.sharing.plots_evidence import plot_accumulation, plot_sensitivity
from engagement_lib.sharing.plots_speaking import plot_who_speaks
from engagement_lib.sharing.plots_theme_change import plot_theme_flow, plot_theme_map
from engagement_lib.sharing.plots_themes import plot_curve, plot_themes, plot_waves

__all__ = [
    "plot_accumulation",
    "plot_agreement",
    "plot_claims",
    "plot_codes",
    "plot_curve",
    "plot_overlaps",
    "plot_sensitivity",
    "plot_theme_flow",
    "plot_theme_map",
    "plot_themes",
    "plot_triangulation",
    "plot_waves",
    "plot_who_speaks",
    "plot_words",
]
