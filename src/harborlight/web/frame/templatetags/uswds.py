"""Fields of forms in the classes of USWDS."""

from __future__ import annotations

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def usa(field: BoundField) -> SafeString:
    """The field's widget with the class that USWDS has for it, unless it has one already."""
    widget = field.field.widget
    name = ""
    if isinstance(widget, forms.Textarea):
        name = "usa-textarea"
    elif isinstance(widget, forms.CheckboxInput):
        name = "usa-checkbox__input"
    elif isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        name = ""
    elif isinstance(widget, forms.Select):
        name = "usa-select"
    elif isinstance(widget, forms.FileInput):
        name = "usa-file-input"
    elif isinstance(widget, forms.widgets.Input) and not widget.is_hidden:
        name = "usa-input"
    if not name or "class" in widget.attrs:
        return field.as_widget()
    # The label says it: a placeholder besides is read twice, and vanishes when one writes.
    return field.as_widget(attrs={"class": name, "placeholder": False})


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Whether the field is one box to tick, whose label stands behind it."""
    widget = field.field.widget
    return isinstance(widget, forms.CheckboxInput)
