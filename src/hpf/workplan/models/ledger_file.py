"""台账文件: the spreadsheets that centres tried or imported, as they came, and each import of them."""

from __future__ import annotations

from django.db import models

from hpf.workplan.models.plan import Plan


class LedgerFile(models.Model):
    """One file, whole and with its digest, kept when it is first tried; the same file again is not kept again. Rows are added and never changed."""

    id = models.BigAutoField(primary_key=True, verbose_name="台账文件编号", db_comment="台账文件编号")
    centre_id = models.SmallIntegerField("中心", db_comment="导入的中心")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name="要点", db_comment="所属要点")
    filename = models.TextField("文件名", db_comment="上传时的文件名")
    content = models.BinaryField("原件内容", db_comment="原件全部字节")
    sha256 = models.CharField("原件摘要", max_length=64, db_comment="原件内容的SHA-256")
    size_bytes = models.BigIntegerField("原件大小", db_comment="原件字节数")
    rows = models.IntegerField("台账行数", db_comment="读到的任务行数")
    faults = models.IntegerField("台账差错数", db_comment="首次试导入或导入时不能使用的单元格和行数")
    uploaded_by = models.TextField("经办人编号", db_comment="首次上传人编号")
    uploaded_by_name = models.TextField("经办人", db_comment="首次上传人")
    uploaded_at = models.DateTimeField("登记时刻", db_comment="首次上传时刻")

    class Meta:
        db_table_comment = "中心试导入和导入的台账文件，只增不改"
        verbose_name = "台账文件"
        constraints = [models.UniqueConstraint(fields=["centre_id", "plan", "sha256"], name="workplan_ledgerfile_once")]


class LedgerImport(models.Model):
    """One import of a kept file for good. Rows are added and never changed."""

    id = models.BigAutoField(primary_key=True, verbose_name="台账导入编号", db_comment="台账导入编号")
    centre_id = models.SmallIntegerField("中心", db_comment="导入的中心")
    file = models.ForeignKey(LedgerFile, models.PROTECT, related_name="+", verbose_name="台账文件", db_comment="所导入的台账文件")
    imported_by = models.TextField("经办人编号", db_comment="导入人编号")
    imported_by_name = models.TextField("经办人", db_comment="导入人")
    imported_at = models.DateTimeField("登记时刻", db_comment="导入时刻")

    class Meta:
        db_table_comment = "台账文件的正式导入，只增不改"
        verbose_name = "台账导入"
