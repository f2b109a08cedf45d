"""工作要点台账对外的文件: plan documents in, reports and workbooks out."""
