# One library per folder. A link that is not in the table of layers stops the configuration.

function(parley_add_if_present folder)
    if(EXISTS ${PROJECT_SOURCE_DIR}/${folder}/CMakeLists.txt)
        add_subdirectory(${PROJECT_SOURCE_DIR}/${folder} ${PROJECT_BINARY_DIR}/${folder})
    endif()
endfunction()

# What computes and waits for nothing.
set(PARLEY_CORES base wire crypto identity ratchet relay client hostile ui)

# parley_library(FOLDER SOURCES ... LINKS folder... EXTERNAL target...)
function(parley_library folder)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;EXTERNAL" ${ARGN})
    foreach(link IN LISTS arg_LINKS)
        if(NOT link IN_LIST PARLEY_KNOWS_${folder})
            message(FATAL_ERROR "${folder} may not link ${link}: see cmake/layers.cmake")
        endif()
    endforeach()
    add_library(parley_${folder} STATIC ${arg_SOURCES})
    target_include_directories(parley_${folder} PUBLIC ${PROJECT_SOURCE_DIR}/src)
    list(TRANSFORM arg_LINKS PREPEND parley_)
    target_link_libraries(parley_${folder} PUBLIC ${arg_LINKS} ${arg_EXTERNAL})
    parley_precompile_asio(parley_${folder} parley_${folder} ${arg_LINKS})
    parley_fuzzed(parley_${folder})
    if(NOT folder IN_LIST PARLEY_CORES)
        parley_unhurried(parley_${folder})
    endif()
endfunction()

# parley_program(NAME SOURCES ... LINKS folder... EXTERNAL target...)
function(parley_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;EXTERNAL" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    list(TRANSFORM arg_LINKS PREPEND parley_)
    target_link_libraries(${name} PRIVATE ${arg_LINKS} ${arg_EXTERNAL})
    parley_precompile_asio(${name} ${arg_LINKS})
    parley_unhurried(${name})
endfunction()

# parley_test(NAME SOURCES ... LINKS folder... EXTERNAL target...): one ctest entry per test case.
function(parley_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;EXTERNAL" ${ARGN})
    set(target test_${name})
    parley_program(${target} SOURCES ${arg_SOURCES} LINKS ${arg_LINKS}
        EXTERNAL ${arg_EXTERNAL} GTest::gtest GTest::gmock GTest::gtest_main)
    target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    target_compile_definitions(${target} PRIVATE PARLEY_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    # A test case runs once: a little less speed costs it less than the compiler would take.
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release,Sanitize>:-O1>)
    parley_code_of_tests(${target})
    parley_precompile(${target} ${PARLEY_TEST_HEADERS})
    if(world IN_LIST arg_LINKS)
        parley_precompile(${target} ${PROJECT_SOURCE_DIR}/tests/world/world.h)
    endif()
    gtest_discover_tests(${target} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
        PROPERTIES TIMEOUT 600)
endfunction()
