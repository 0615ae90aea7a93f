"""PDF documents: what is printed, and what is refused rather than printed as boxes."""

import pytest

from portal.kit.documents import MissingGlyph, render_pdf
from portal.kit.glyphs import missing

TEMPLATE = "#let d = json(bytes(sys.inputs.data))\n= #d.title\n#d.body"


class TestRenderPdf:
    def test_data_is_never_read_as_markup(self, app):
        hostile = '#panic("run") $x$ *b* "] #import "x.typ"'
        assert render_pdf(TEMPLATE, {"body": hostile}, title="T").startswith(b"%PDF")

    def test_chinese_is_printed_where_a_font_draws_it(self, app):
        assert render_pdf(TEMPLATE, {"body": "客服服務外包 客服外包"}, title="發票").startswith(b"%PDF")

    def test_a_character_no_font_draws_fails_and_names_the_package(self, app):
        with pytest.raises(MissingGlyph) as refused, app.test_request_context():
            render_pdf(TEMPLATE, {"body": "ok \U0001340d"}, title="T")
        assert refused.value.characters == "\U0001340d" and refused.value.status == 503
        with app.test_request_context():
            assert "fonts-noto-cjk" in str(refused.value.message)


class TestMissing:
    def test_without_fonts_everything_beyond_latin_is_missing(self):
        assert missing("Ärger 服務, 服", []) == "務服"

    def test_a_file_that_is_no_font_draws_nothing(self, tmp_path):
        broken = tmp_path / "broken.ttf"
        broken.write_bytes(b"\x00\x01")
        assert missing("服", [str(broken), str(tmp_path / "absent.ttf")]) == "服"
