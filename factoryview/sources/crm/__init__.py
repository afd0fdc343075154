"""Exports of CRM systems, recognised by their headers."""
