"""Backups: one folder with everything that an installation cannot make again, and the way back.

    manifest.json           format, when, by which version; rows per table; length and SHA-256 of every file
    manifest.sha256         the hash of the manifest, as sha256sum writes and checks it
    private/private.db      one moment of the private store
    private/evidence/       every file that a row of this private.db names
    private/secrets/        only when asked for
    public/public.db        one moment of the public store
    public/files/

The stores must be SQLite. With a store on PostgreSQL nothing at all is copied: half a backup that looks whole
is worse than none. There pg_dump makes the copy of the store, and afterwards a plain copy of the evidence
folder completes it, since its files never change (docs/operators.md).
"""

import json
import os
import secrets as randomness
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker import __version__, clock
from tracker.config import Settings
from tracker.errors import BadFile, RuleBroken
from tracker.services.reading_backups import MANIFEST, PRIVATE_DB, PUBLIC_DB, Manifest, check, read_manifest, write
from tracker.storage import copies
from tracker.storage.files import Store, StoreFault, open_file
