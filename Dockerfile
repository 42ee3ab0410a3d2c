# Two stages: the first builds the virtual environment, the second runs it without pip, root or a writable system.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/marginbot
COPY requirements.txt ./
RUN /opt/marginbot/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY margin_engine margin_engine
COPY bot bot
RUN /opt/marginbot/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --uid 10001 --create-home --home-dir /data marginbot
COPY --from=build /opt/marginbot /opt/marginbot
ENV PATH=/opt/marginbot/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MARGINBOT_DATABASE_URL=sqlite+aiosqlite:////data/marginbot.db
USER marginbot
WORKDIR /data
VOLUME /data
ENTRYPOINT ["marginbot"]
