#!/bin/sh
# seeds.sh FUZZER FOLDER: puts inputs to begin with into FOLDER, made of the files that come with dreamrig.
set -eu
fuzzer=$1 folder=$2
ratings=tests/data/ratings

# Several files as one input.
joined() {
  output=$1
  shift
  cat "$1" >"$output"
  shift
  for part; do
    printf '\036' >>"$output"
    cat "$part" >>"$output"
  done
}

case $fuzzer in
fuzz_import)
  for table in semicolons jspsych qualtrics; do
    joined "$folder/$table" $ratings/$table.csv $ratings/$table.columns $ratings/strict.rules $ratings/qualtrics_images.tsv
  done
  for table in $ratings/psychopy/*.csv; do
    joined "$folder/psychopy-$(basename "$table")" "$table" $ratings/psychopy.columns $ratings/strict.rules
  done
  ;;
fuzz_delimited) cp $ratings/*.csv $ratings/*.tsv $ratings/psychopy/*.csv "$folder" ;;
fuzz_protocol) cp protocols/*.protocol tests/data/protocols/*.protocol "$folder" ;;
fuzz_image) cp tests/data/images/* "$folder" ;;
fuzz_graphdef) cp tests/data/tiny5h/net.pb "$folder" ;;
fuzz_safetensors) cp synth/networks/*.safetensors "$folder" ;;
fuzz_table) cp tests/data/*/*.tsv "$folder" ;;
fuzz_recipe) cp stimuli/demo/set.recipe "$folder" ;;
esac
if [ -d "tests/fuzz/seeds/$fuzzer" ]; then cp tests/fuzz/seeds/"$fuzzer"/* "$folder"; fi
