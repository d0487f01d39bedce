# The one table of layers: who may include and link whom. tools/check_layers reads it too.
# parley_layer(FOLDER KNOWS folder... USES external...)
set(PARLEY_FOLDERS "")
macro(parley_layer folder)
    cmake_parse_arguments(layer "" "" "KNOWS;USES" ${ARGN})
    list(APPEND PARLEY_FOLDERS ${folder})
    set(PARLEY_KNOWS_${folder} ${layer_KNOWS})
endmacro()

parley_layer(base)
parley_layer(wire     KNOWS base)
parley_layer(crypto   KNOWS base                                    USES openssl)
parley_layer(identity KNOWS base crypto)
parley_layer(ratchet  KNOWS base crypto identity)
# Blind by construction: the relay's decisions know bytes and frames, and no cipher.
parley_layer(relay    KNOWS base wire)
parley_layer(client   KNOWS base wire crypto identity ratchet)
# Who may do anything with frames, and has keys of its own: for tests and parley-evil, known by nothing else.
parley_layer(hostile  KNOWS base wire crypto identity ratchet)
# Implements the client's Storage: it seals what it is given, and knows no connection.
parley_layer(store    KNOWS base crypto identity client)
# Knows the core's jobs and a digest: the core opens no file, and what opens files decides nothing.
parley_layer(files    KNOWS base crypto client)
# TLS between client and relay is OpenSSL's own, and no key of a conversation is ever here.
parley_layer(net      KNOWS base wire                               USES asio openssl)
# A program's settings, each declared once: flags, environment and file follow from the table.
parley_layer(settings KNOWS base                                    USES toml)
# What a relay takes from itself; it knows nothing of relays.
parley_layer(sandbox  KNOWS base                                    USES seccomp)
parley_layer(serve    KNOWS base wire relay net                     USES asio)
parley_layer(connect  KNOWS base wire client net                    USES asio)
parley_layer(ui       KNOWS base client                             USES asio)
