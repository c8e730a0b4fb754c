-- CreateTable
CREATE TABLE "WatchLink" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "tokenHash" TEXT NOT NULL,
    "guest" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "user" TEXT NOT NULL,
    "createdAt" REAL NOT NULL,
    "expiresAt" REAL NOT NULL,
    "revokedAt" REAL,
    "lastUsedAt" REAL
);

-- CreateTable
CREATE TABLE "RecordSetting" (
    "guest" TEXT NOT NULL PRIMARY KEY,
    "mode" TEXT NOT NULL,
    "input" BOOLEAN NOT NULL
);

-- CreateTable
CREATE TABLE "Recording" (
    "id" TEXT NOT NULL PRIMARY KEY,
    "guest" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "identity" TEXT,
    "user" TEXT,
    "people" TEXT NOT NULL DEFAULT '[]',
    "input" BOOLEAN NOT NULL,
    "startedAt" REAL NOT NULL,
    "endedAt" REAL,
    "sizeBytes" REAL NOT NULL DEFAULT 0,
    "seconds" REAL NOT NULL DEFAULT 0
);

-- CreateIndex
CREATE UNIQUE INDEX "WatchLink_tokenHash_key" ON "WatchLink"("tokenHash");

-- CreateIndex
CREATE INDEX "WatchLink_guest_idx" ON "WatchLink"("guest");

-- CreateIndex
CREATE INDEX "WatchLink_expiresAt_idx" ON "WatchLink"("expiresAt");

-- CreateIndex
CREATE INDEX "Recording_guest_startedAt_idx" ON "Recording"("guest", "startedAt");

-- CreateIndex
CREATE INDEX "Recording_startedAt_idx" ON "Recording"("startedAt");
