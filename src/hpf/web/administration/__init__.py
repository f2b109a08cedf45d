"""用户 岗位 审计: for the three administrators."""
