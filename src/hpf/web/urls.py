"""Where each page hangs, by audience."""

from django.urls import path

from hpf.web.signin import views as signin

app_name = "web"
urlpatterns = [
    path("", signin.home, name="home"),
    path("sign-in/", signin.sign_in, name="sign_in"),
    path("sign-in/code/", signin.second_factor, name="second_factor"),
    path("sign-in/choose/", signin.choose, name="choose"),
    path("sign-out/", signin.sign_out, name="sign_out"),
    path("account/", signin.account, name="account"),
]
