-- In which outcome each case ended, whether or not anybody wrote down when.
select "case", outcome as name, weight from outcomes
