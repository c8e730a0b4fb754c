-- AlterTable
ALTER TABLE "RecordSetting" ADD COLUMN "identity" TEXT;
