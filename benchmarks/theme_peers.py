"""What other methods find in the same texts with the same vectors: run by `benchmarks/themes.py` in an environment of their own.

`python benchmarks/theme_peers.py METHOD SEEDS PROBLEMS.npz FOUND.npz`; with one problem and one seed it is what the cost of a
method is measured by. Nothing heavy is imported before it is known which method is asked for.
"""

import os
import sys
import warnings

os.environ["TOKENIZERS_PARALLELISM"] = "false"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402 - what is said above must be said before anything is loaded


def plain_kmeans(texts, vectors, themes, seed):
    from sklearn.cluster import KMeans

    return KMeans(themes, n_init=10, random_state=seed).fit_predict(vectors)


def nmf(texts, vectors, themes, seed):
    from sklearn.decomposition import NMF
    from sklearn.feature_extraction.text import TfidfVectorizer

    words = TfidfVectorizer(sublinear_tf=True, stop_words="english").fit_transform(texts)
    return NMF(themes, init="nndsvda", random_state=seed, max_iter=400).fit_transform(words).argmax(axis=1)


def lda(texts, vectors, themes, seed):
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    words = CountVectorizer(stop_words="english").fit_transform(texts)
    return LatentDirichletAllocation(themes, random_state=seed, max_iter=30).fit_transform(words).argmax(axis=1)


def umap_kmeans(texts, vectors, themes, seed):
    from umap import UMAP

    flat = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed).fit_transform(vectors)
    return plain_kmeans(texts, flat, themes, seed)


def bertopic(texts, vectors, themes, seed):
    from bertopic import BERTopic
    from umap import UMAP

    flat = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, low_memory=False)
    return np.array(BERTopic(umap_model=flat).fit_transform(texts, vectors)[0])


def bertopic_kmeans(texts, vectors, themes, seed):
    from bertopic import BERTopic
    from sklearn.cluster import KMeans
    from umap import UMAP

    flat = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed, low_memory=False)
    heaps = KMeans(themes, n_init=10, random_state=seed)
    return np.array(BERTopic(umap_model=flat, hdbscan_model=heaps).fit_transform(texts, vectors)[0])


def turftopic_gmm(texts, vectors, themes, seed):
    from turftopic import GMM

    class Given:
        """Vectors that are known already."""

        def encode(self, texts, **_):
            return vectors

    return GMM(themes, encoder=Given(), random_state=seed).fit_transform(texts, embeddings=vectors).argmax(axis=1)


def sentence_transformers(texts, vectors, themes, seed):
    """Encodes the texts, where a folder with the model is named; gives their number back."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(os.environ["MODEL"], device="cpu", local_files_only=True)
    return np.full(1, len(encoder.encode(texts, show_progress_bar=False)))


METHODS = {
    "KMeans": plain_kmeans,
    "NMF": nmf,
    "LDA": lda,
    "UMAP + KMeans": umap_kmeans,
    "BERTopic, defaults": bertopic,
    "BERTopic, KMeans": bertopic_kmeans,
    "Turftopic GMM": turftopic_gmm,
    "sentence-transformers": sentence_transformers,
}


def main(method, seeds, problems, out):
    found = {}
    with np.load(problems) as given:
        names = sorted({name.split("/")[0] for name in given.files}, key=int)
        for name in names:
            texts, vectors, themes = (given[f"{name}/{part}"] for part in ("texts", "vectors", "themes"))
            for seed in range(seeds):
                found[f"{name}/{seed}"] = METHODS[method](texts.tolist(), vectors, int(themes), seed)
    np.savez(out, **found)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
