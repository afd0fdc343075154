"""`python main.py` is `factoryview`; alone it runs the demo."""

from factoryview.cli import main

if __name__ == "__main__":
    main()
