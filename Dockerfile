# Built with everything, run with only what it needs.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY src src
# The bridges (WhatsApp Web, SMS, websocket) bring large libraries that most servers never load.
#   docker compose build --build-arg BRIDGES=on
ARG BRIDGES=off
RUN npm run build && if [ "$BRIDGES" != on ]; then npm pkg delete optionalDependencies; fi && npm prune --omit=dev

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY flows flows
COPY locales locales
# The embedded store lives here; mount a volume over it, or set STORE to a Redis.
RUN mkdir data && chown node:node data
VOLUME /app/data
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:'+process.env.PORT+'/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
# Node itself is process 1, so that SIGTERM reaches it and a restart loses nothing.
CMD ["node", "dist/main.js", "serve"]
