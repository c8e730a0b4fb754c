-- AlterTable
ALTER TABLE "WatchLink" ADD COLUMN "identity" TEXT;
