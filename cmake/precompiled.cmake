# What most files of a target include and what takes longer to read than they do, read once for each target. The release
# preset goes without: there every file has to name what it needs.
option(PARLEY_PRECOMPILE "Precompile Asio and GoogleTest (clang only)" OFF)

set(PARLEY_ASIO_HEADERS <boost/asio/awaitable.hpp> <boost/asio/co_spawn.hpp> <boost/asio/io_context.hpp> <boost/asio/ip/tcp.hpp>
    <boost/asio/posix/stream_descriptor.hpp> <boost/asio/post.hpp> <boost/asio/redirect_error.hpp> <boost/asio/steady_timer.hpp>
    <boost/asio/use_awaitable.hpp>)
set(PARLEY_TEST_HEADERS <gtest/gtest.h> <gmock/gmock.h>)

function(parley_precompile target)
    get_target_property(sources ${target} SOURCES)
    list(LENGTH sources files)
    if(PARLEY_PRECOMPILE AND files GREATER 2)  # or it is read for less than it costs
        target_precompile_headers(${target} PRIVATE ${ARGN})
    endif()
endfunction()

# Those who link a folder that speaks to sockets.
function(parley_precompile_asio target)
    if(ARGN MATCHES "parley_(net|serve|connect)")
        parley_precompile(${target} ${PARLEY_ASIO_HEADERS})
    endif()
endfunction()

if(PARLEY_PRECOMPILE AND CMAKE_CXX_COMPILER_LAUNCHER)
    # Or ccache takes nothing that uses them.
    add_compile_options("SHELL:-Xclang -fno-pch-timestamp")
    list(PREPEND CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros)
endif()
