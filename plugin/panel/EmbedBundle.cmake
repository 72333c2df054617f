# cmake -DBUNDLE=<panel.js> -DOUTPUT=<panel_bundle.cpp> -P EmbedBundle.cmake
file(READ ${BUNDLE} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE ${OUTPUT} "#include \"panel/panel_bundle.hpp\"
namespace metakocka::panel {
namespace { constexpr char kScript[] = {${bytes}}; }
std::string_view script() { return {kScript, sizeof(kScript)}; }
}  // namespace metakocka::panel
")
