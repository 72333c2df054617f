# The publisher's key of this build tree: made once, never committed, never made anew by a build. What this
# build signs is trusted by the hosts of this build, which find its public half beside their own folder.
#
#   CRM_PUBLISHER_KEY   the private key, for crm_add_connector(... SIGN_WITH ${CRM_PUBLISHER_KEY}). A release
#                       is signed with the project's own key: cmake -DCRM_PUBLISHER_KEY=<file>
set(CRM_PUBLISHER_KEY ${CMAKE_BINARY_DIR}/publisher.key CACHE FILEPATH "The key that signs this build's modules")

function(crm_publisher_key)
  set(public_key ${CMAKE_BINARY_DIR}/trusted-publishers/this-build.pub)
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/trusted-publishers)
  add_custom_command(OUTPUT ${public_key}
    COMMAND crm-sign-manifest keygen ${CRM_PUBLISHER_KEY} --name "This build" --public ${public_key} --keep
    DEPENDS crm-sign-manifest VERBATIM)
  add_custom_target(crm-publisher-key DEPENDS ${public_key})
endfunction()
