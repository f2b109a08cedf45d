"""用户 岗位 授权 审计: who may do what, and who did what.

A user (用户) signs in; an appointment (任用) gives the user a role (岗位) in one centre, for an employer or for
the person's own account; a role is a list of permissions (权限), each a row with a Chinese label that people can read.
Three administrators (系统 安全 审计管理员) exclude each other, and whoever made an entry never checks it
(网络安全法第二十一条; GB/T 22239-2019 8.1.4, 8.1.7). Looking at somebody's data is an act that leaves a mark:
the audit log is append-only and sealed per centre and day in a chain of digests (个人信息保护法第五十一条、第五十四条).
"""
