# Two stages: the first makes the virtual environment, every wheel checked against its hash; the second runs it without
# pip in it, without root and with a system that may be mounted read-only. What is kept lies in /data.
FROM python:3.13-slim-trixie AS build
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python install --no-cache-dir --disable-pip-version-check \
    --only-binary :all: --require-hashes -r /tmp/requirements.txt
COPY margin_engine /opt/marginbot/margin_engine
COPY bot /opt/marginbot/bot
# Compiled here, because the running bot cannot write beside its code.
RUN python -m compileall -q --invalidation-mode unchecked-hash /opt/marginbot

FROM python:3.13-slim-trixie
LABEL org.opencontainers.image.title="Marginbot" \
      org.opencontainers.image.description="Isolated or cross margin, and what happens to me in each? A Telegram bot." \
      org.opencontainers.image.version="0.1.0" \
      org.opencontainers.image.licenses="MIT"
RUN install -d -m 0700 -o 10001 -g 10001 /data
COPY --from=build /opt/venv /opt/venv
COPY --from=build /opt/marginbot /opt/marginbot
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_DATA_HOME=/data
USER 10001:10001
WORKDIR /opt/marginbot
VOLUME /data
# Polling: updates were fetched and stored in the last 90 s. Webhooks: the listener answers.
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s --retries=2 CMD ["python", "-m", "bot", "health"]
ENTRYPOINT ["python", "-m", "bot"]
