# Several files compiled as one: their headers are read once, and what they make of the same templates is made once, which
# halves the time. Where src is compiled for people (the release and package presets) each file stays alone, and so has
# to name what it needs: there PARLEY_TOGETHER is "tests", under clang and its sanitizers "all".
set(PARLEY_TOGETHER "" CACHE STRING "What is compiled together: nothing, tests, all")

function(parley_together target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 6)
    # Names without a namespace meet those of the next file.
    target_compile_options(${target} PRIVATE -Wno-shadow)
endfunction()

# Files whose names without a namespace are those of a neighbour, that define macros, or replace operators of all.
function(parley_alone)
    set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
