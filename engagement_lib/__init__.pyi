from .coding.codebook import check_codebook
from .coding.codebook_doubts import codebook_doubts
from .coding.codebook_history import codebook_history, compare_codebooks
from .coding.codings import counted_codings
from .coding.counts import code_by_case, code_counts, code_matrix, code_overlaps, find_passages
from .coding.patterns import code_by_pattern
from .desk import code_interactively
from .doubts import find_hints
from .errors import EngagementError
from .evidence.accumulation import accumulation, guest_grid
from .evidence.appraisal import appraise_claims
from .evidence.checklist import checklist
from .evidence.claims import collect_evidence
from .evidence.comparison import compare_groups
from .evidence.confidence import confidence, confidence_rule
from .evidence.counter_evidence import counter_evidence, unread_candidates
from .evidence.frame import frame_coverage
from .evidence.frame_recovery import frame_recovery
from .evidence.frame_separability import frame_separability
from .evidence.framework_matrix import framework_matrix
from .evidence.frequency import segment_prevalence
from .evidence.prevalence import prevalence
from .evidence.quotes import check_quotes
from .evidence.record import write_evidence
from .evidence.register import claims_register
from .evidence.saturation import saturation
from .evidence.sensitivity import multiverse, sensitivity
from .evidence.triangulation import triangulate
from .evidence.verdicts import verdict_rule, verdicts
from .exchange.refi import read_codebook, write_codebook
from .exchange.spreadsheets import write_table
from .loading.copies import group_copies
from .loading.survey import read_survey
from .loading.transcripts import read_transcript
from .privacy.identifiers import find_identifiers
from .privacy.limits import identifier_warnings
from .privacy.pseudonyms import pseudonymise
from .privacy.suppression import suppress_small_cells
from .reliability.agreement import agreement
from .reliability.disagreements import disagreements
from .reliability.planning import plan_double_coding, units_to_double_code
from .reliability.ratings import agreement_of_ratings
from .reliability.spans import agreement_of_spans
from .reliability.units import collect_ratings
from .segments import kwic, split_sentences, split_turns, turns_around
from .sharing.plots import (
    plot_accumulation,
    plot_agreement,
    plot_claims,
    plot_codes,
    plot_curve,
    plot_overlaps,
    plot_sensitivity,
    plot_themes,
    plot_triangulation,
    plot_waves,
    plot_words,
)
from .sharing.review.widget import review_identifiers
from .sharing.tables import show_table
from .study import account_for, describe_environment, describe_study, open_study
from .themes.alignment import align_themes, alignment_score, theme_by_case
from .themes.model import ThemeModel
from .themes.updating import update_themes
