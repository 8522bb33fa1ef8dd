"""The public lists: the start page, the cases and the search in them, authorities, controllers, projects."""

from typing import Any

from flask import redirect, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from tracker.errors import NotFound
from tracker.services import public_site as site
from tracker.services import public_site_groups as groups
from tracker.services import public_site_home as home
from tracker.services import public_site_list as lists
from tracker.web import languages
from tracker.web.public import SLUG, asked, filters_asked, page_asked, site_link, views
from tracker.web.public_forms import forms, forms_of_site, query_of
from tracker.web.public_heads import group_head, head_of


@views.get("/")
def start() -> str:
    """Say what is being fought for, with the numbers that matter, the last news and where to read on."""
    about = _(
        "Where data protection complaints stand, with which authority, since when, and what became of them."
    )
    return languages.page(
        "public/start.html",
        site=home.overview(),
        head=head_of("start", _("Where complaints stand"), about),
        forms=forms_of_site(),
    )


def _values(filters: site.Filters) -> dict[str, Any]:
    return {name: getattr(filters, name) for name in filters.active()}


@views.get("/cases")
def cases() -> str | AnyResponse:
    """List the public cases that match the filters in the address."""
    filters, page = filters_asked(), page_asked()
    if filters.controller and not SLUG.fullmatch(filters.controller):
        # Addresses of before have the name.
        slug = groups.controller_slug(filters.controller)
        if slug:
            return redirect(site_link("cases", **{**request.args.to_dict(), "controller": slug}), 301)
    sort = asked("sort")
    order = sort if sort in lists.SORTS else ""
    found = lists.find_cases(filters, page=page, sort=order)
    there(page, found.pages)
    about = ngettext("%(num)s public case.", "%(num)s public cases.", found.total)
    table = forms(site_link("cases"), "json", "csv", query=query_of(filters, sort=order))
    return languages.page(
        "public/cases.html",
        here="cases",
        head=head_of("cases", _("Cases"), about, **_values(filters), page=page if page > 1 else None),
        forms=(*forms(site_link("cases"), "atom", "feed", query=query_of(filters)), *table),
        filters=filters,
        found=found,
        sorts=((lists.BEST,) if filters.text else ()) + lists.SORTS,
        facets=site.FACETS,
        set_now=_values(filters),
        address={**_values(filters), "sort": order},
        values_without=lambda name: {**_values(filters.without(name)), "sort": order},
    )


@views.get("/controllers")
def controllers() -> str:
    """List the organisations that public cases are against."""
    wanted, page = asked("text"), page_asked()
    found = groups.controllers_list(wanted, page=page)
    there(page, found.pages)
    about = ngettext("%(num)s controller", "%(num)s controllers", found.total)
    return languages.page(
        "public/controllers.html",
        here="controllers",
        found=found,
        text=wanted,
        head=head_of("controllers", _("Controllers"), about, text=wanted, page=page if page > 1 else None),
        forms=forms(
            site_link("controllers"), "atom", "feed", "json", "csv", query=query_of(site.Filters(text=wanted))
        ),
    )


@views.get("/controllers/<slug>")
def controller(slug: str) -> str:
    """Show an organisation and the cases against it."""
    page = page_asked()
    found = groups.controller_page(slug_asked(slug), page=page)
    there(page, found.pages)
    return _group("controller", "controllers", _("Controllers"), found)


@views.get("/projects")
def projects() -> str:
    """List the themes that group cases."""
    page = page_asked()
    found = groups.projects_list(page=page)
    there(page, found.pages)
    about = ngettext("%(num)s project", "%(num)s projects", found.total)
    return languages.page(
        "public/projects.html",
        here="projects",
        found=found,
        head=head_of("projects", _("Projects"), about, page=page if page > 1 else None),
        forms=forms(site_link("projects"), "atom", "feed", "json", "csv"),
    )


@views.get("/projects/<slug>")
def project(slug: str) -> str:
    """Show a project and its cases."""
    page = page_asked()
    found = groups.project_page(slug_asked(slug), page=page)
    there(page, found.pages)
    return _group("project", "projects", _("Projects"), found)


def _group(kind: str, here: str, name: str, found: groups.GroupPage) -> str:
    it = found.group
    counted = ngettext("%(num)s case", "%(num)s cases", it.cases)
    filings = ngettext("%(num)s filing", "%(num)s filings", it.filings)
    about = languages.joined(it.name, f"{counted}, {filings}")
    return languages.page(
        f"public/{kind}.html",
        here=here,
        found=found,
        head=group_head(kind, name, it.slug, it.name, about),
        forms=forms(site_link(kind, slug=it.slug), "atom", "feed", "json", "csv"),
    )


def there(page: int, pages: int) -> None:
    """Raise NotFound for a page of a list that it does not have."""
    if page > pages:
        raise NotFound("There is no such page.")


def slug_asked(typed: str) -> str:
    """Return what stands for a name in an address. Raises NotFound for what cannot."""
    if not SLUG.fullmatch(typed):
        raise NotFound("There is no such page.")
    return typed
