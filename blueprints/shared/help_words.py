"""The topics of questions and answers, in words."""

from flask_babel import lazy_gettext as _l

from portal.help.states import Topic

TOPIC_NAMES = {
    Topic.OUTSOURCING: _l("About outsourcing"),
    Topic.PORTAL: _l("About this portal"),
}
