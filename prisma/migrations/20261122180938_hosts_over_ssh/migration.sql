-- AlterTable
ALTER TABLE "Host" ADD COLUMN "become" TEXT;
ALTER TABLE "Host" ADD COLUMN "cbsdWorkdir" TEXT;
ALTER TABLE "Host" ADD COLUMN "ssh" TEXT;
