"""`python -m factoryview` is `factoryview`."""

from factoryview.cli import main

if __name__ == "__main__":
    main()
