from .coding.codebook import check_codebook
from .coding.codings import counted_codings
from .coding.counts import code_by_case, code_counts, code_matrix, code_overlaps, find_passages
from .coding.patterns import code_by_pattern
from .errors import EngagementError, Problem, StudyError, TableError, TranscriptError
from .evidence.appraisal import appraise_claims
from .evidence.claims import collect_evidence
from .evidence.prevalence import prevalence
from .evidence.verdicts import verdict_rule, verdicts
from .exchange.refi import read_codebook, write_codebook
from .exchange.spreadsheets import write_table
from .loading.survey import read_survey
from .loading.transcripts import read_transcript
from .privacy.identifiers import find_identifiers
from .reliability.agreement import agreement, disagreements
from .segments import kwic, split_sentences, split_turns
