# OpenSSL 3.5 or newer: the system's, else the one that tools/build_openssl left in the cache.
if(NOT OPENSSL_ROOT_DIR)
    execute_process(COMMAND ${PROJECT_SOURCE_DIR}/tools/find_openssl
        OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(found)
        set(OPENSSL_ROOT_DIR ${found})
        set(OPENSSL_USE_STATIC_LIBS TRUE)
    endif()
endif()
find_package(OpenSSL QUIET)
if(NOT OPENSSL_FOUND OR OPENSSL_VERSION VERSION_LESS 3.5)
    message(FATAL_ERROR "Parley needs OpenSSL 3.5 or newer: run ./dev build once, it makes one from Debian's source")
endif()
