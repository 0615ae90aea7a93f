"""An issued invoice as a PDF: the same figures and words as its page, in the reader's language."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import get_locale
from flask_babel import gettext as _

from blueprints.shared import formatting
from blueprints.shared.invoice_sheet import Group, Sheet, tax_name
from portal.billing.commission import WHOLE_BPS
from portal.billing.models import Invoice
from portal.kit.documents import render_pdf
from portal.kit.text import listed


def invoice_pdf(invoice: Invoice, sheet: Sheet) -> bytes:
    """The document. Raises MissingGlyph where the server has no font for a name in it."""
    template = Path(current_app.root_path, "templates", "documents", "invoice.typ").read_text(encoding="utf-8")
    title = _("Invoice %(number)s", number=invoice.number or "")
    return render_pdf(template, _data(invoice, sheet), title=title)


def _data(invoice: Invoice, sheet: Sheet) -> dict[str, Any]:
    currency, date = invoice.currency, formatting.date
    taxes = [(tax_name(tax), formatting.amount(tax["amount_minor"], currency)) for tax in invoice.taxes]
    period = f"{date(invoice.period_start)} – {date(invoice.period_end)}" if invoice.period_start else "–"
    return {
        "language": get_locale().language,
        "script": get_locale().script or "Latn",
        "number": invoice.number,
        "agreement": invoice.agreement_number,
        "seller": invoice.seller,
        "customer": invoice.customer,
        "period": period,
        "issued": formatting.datetime_zoned(invoice.open_at, invoice.timezone),
        "due": date(invoice.due_on),
        "heads": [
            _("Description"),
            _("Quantity"),
            _("Unit"),
            _("Rate"),
            _("Tax"),
            _("Amount, %(currency)s", currency=currency),
        ],
        "groups": [_group(group, sheet, currency) for group in sheet.groups],
        "totals": [
            {"name": name, "amount": amount}
            for name, amount in [(_("Net"), formatting.amount(invoice.net_minor, currency)), *taxes]
        ],
        "total": formatting.money(invoice.total_minor, currency, code=True),
        "account": current_app.config["PORTAL"].bank_account or "",
        "reference": sheet.reference,
        "sha256": invoice.sha256,
        "words": {
            "invoice": _("Invoice"),
            "vat": _("VAT"),
            "billed_to": _("Billed to"),
            "period": _("Service period"),
            "issued": _("Issued"),
            "due": _("Due"),
            "pay": _("By bank transfer"),
            "reference": _("Reference"),
            "total": _("Total"),
            "agreement": _("Agreement"),
        },
    }


def _group(group: Group, sheet: Sheet, currency: str) -> dict[str, Any]:
    return {
        "class": group.fee_class,
        "name": str(group.name),
        "lines": [
            {
                "description": line.description,
                "note": listed(part for part in (line.line_code, str(sheet.basis_words[line.basis])) if part),
                "quantity": formatting.number(line.quantity, 2),
                "unit": sheet.unit_of(line, currency),
                "rate": sheet.rate_of(line),
                "tax": f"{formatting.percent(Decimal(line.tax_bps) / WHOLE_BPS, 1)}\n"
                f"{formatting.amount(line.tax_minor, currency)}",
                "amount": formatting.amount(line.amount_minor, currency),
            }
            for line in group.lines
        ],
    }
