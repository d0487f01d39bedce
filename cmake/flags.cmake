# Warnings are errors on both compilers; what people run is hardened.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wnon-virtual-dtor -Wold-style-cast -Werror)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
    add_compile_options(-fstack-protector-strong -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    add_link_options(-pie -Wl,-z,relro,-z,now)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    add_link_options(-fuse-ld=lld)  # a quarter of the time
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_SANITIZE "-O1 -g1 -fno-omit-frame-pointer")

# Under the sanitizers most of the time is the compiler's: what waits for others more than it computes is worth less of it.
function(parley_unhurried target)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Sanitize>:-O0>)
endfunction()

if(PARLEY_REPRODUCIBLE)
    # Where it was built is nobody's business, and two folders make the same bytes.
    add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
endif()

if(PARLEY_SANITIZE)
    add_compile_options(-fsanitize=${PARLEY_SANITIZE} -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${PARLEY_SANITIZE})
    add_compile_definitions(PARLEY_SANITIZED)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # g++ 12 reports members of nested variants that no path reads, and takes the two halves of a
        # coroutine's own allocation for strangers.
        add_compile_options(-Wno-maybe-uninitialized -Wno-mismatched-new-delete)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND PARLEY_SANITIZE STREQUAL "thread")
        add_compile_options(-Wno-tsan)  # atomic fences inside Asio, which it does not model
    endif()
endif()

# What is undefined is looked for in the programs, not in their tests, which would take twice as long to compile.
function(parley_code_of_tests target)
    if(PARLEY_SANITIZE MATCHES "undefined")
        target_compile_options(${target} PRIVATE -fno-sanitize=undefined)
    endif()
endfunction()

# What is fuzzed tells the fuzzer which branches were taken.
function(parley_fuzzed target)
    if(PARLEY_FUZZ)
        target_compile_options(${target} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()

if(PARLEY_COVERAGE)
    # Counted in a file that is mapped before a program does anything (%c, %m): whoever is killed, ends by _exit or has
    # fenced itself in has counted too, and opens nothing at its end.
    set(counting -fprofile-instr-generate=${PROJECT_BINARY_DIR}/profiles/%c%m.profraw)
    add_compile_options(${counting} -fcoverage-mapping "SHELL:-mllvm -runtime-counter-relocation=true")
    add_link_options(${counting})
    add_compile_definitions(PARLEY_COVERAGE)
endif()
