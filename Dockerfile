# Cloud Diplomacy in an image: docker build --tag cloud-diplomacy . (docs/hpc.md, "In a container").
# What it installs is what constraints.txt names. Kernels are compiled at the first run into /cache: give that a volume.
FROM python:3.11.9-slim-bookworm AS build
WORKDIR /src
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY sim ./sim
COPY analysis ./analysis
COPY configs ./configs
COPY scenarios ./scenarios
RUN python -m venv /opt/cloud-diplomacy \
 && /opt/cloud-diplomacy/bin/pip install --no-cache-dir --constraint constraints.txt .

FROM python:3.11.9-slim-bookworm
COPY --from=build /opt/cloud-diplomacy /opt/cloud-diplomacy
RUN useradd --create-home --uid 1000 diplomat \
 && mkdir /cache /work \
 && chown diplomat /cache /work
ENV PATH=/opt/cloud-diplomacy/bin:$PATH \
    CLOUD_DIPLOMACY_CACHE=/cache \
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1 NUMBA_NUM_THREADS=1
USER 1000
WORKDIR /work
VOLUME ["/cache", "/work"]
ENTRYPOINT ["python", "-m", "sim"]
CMD ["--help"]
