"""The public lists: the start page, the cases and the search in them, authorities, controllers, projects."""

from typing import Any

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from tracker.errors import NotFound
from tracker.services import public_site as site
from tracker.services import public_site_groups as groups
from tracker.services import public_site_home as home
from tracker.services import public_site_list as lists
from tracker.web import languages
from tracker.web.public import SLUG, asked, filters_asked, page_asked, site_link, views


@views.get("/")
def start() -> str:
    """Say what is being fought for, with the numbers that matter, the last news and where to read on."""
    return languages.page("public/start.html", site=home.overview())


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
    return languages.page(
        "public/cases.html",
        here="cases",
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
    return languages.page("public/controllers.html", here="controllers", found=found, text=wanted)


@views.get("/controllers/<slug>")
def controller(slug: str) -> str:
    """Show an organisation and the cases against it."""
    page = page_asked()
    found = groups.controller_page(slug_asked(slug), page=page)
    there(page, found.pages)
    return languages.page("public/controller.html", here="controllers", found=found)


@views.get("/projects")
def projects() -> str:
    """List the themes that group cases."""
    page = page_asked()
    found = groups.projects_list(page=page)
    there(page, found.pages)
    return languages.page("public/projects.html", here="projects", found=found)


@views.get("/projects/<slug>")
def project(slug: str) -> str:
    """Show a project and its cases."""
    page = page_asked()
    found = groups.project_page(slug_asked(slug), page=page)
    there(page, found.pages)
    return languages.page("public/project.html", here="projects", found=found)


def there(page: int, pages: int) -> None:
    """Raise NotFound for a page of a list that it does not have."""
    if page > pages:
        raise NotFound("There is no such page.")


def slug_asked(typed: str) -> str:
    """Return what stands for a name in an address. Raises NotFound for what cannot."""
    if not SLUG.fullmatch(typed):
        raise NotFound("There is no such page.")
    return typed
