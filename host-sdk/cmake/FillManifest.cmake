# cmake -DMODULE=<x.so> -DMANIFEST=<template.json> -P FillManifest.cmake
# Writes the manifest beside the module, with the module's name and digest. The permissions are what the loader asks
# for, whatever the builder's umask is.
file(SHA256 ${MODULE} digest)
file(READ ${MANIFEST} text)
get_filename_component(folder ${MODULE} DIRECTORY)
get_filename_component(name ${MODULE} NAME)
get_filename_component(stem ${MODULE} NAME_WLE)
string(JSON text SET "${text}" sha256 "\"${digest}\"")
string(JSON text SET "${text}" file "\"${name}\"")
file(WRITE ${folder}/${stem}.json "${text}\n")
file(CHMOD ${folder}/${stem}.json PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
file(CHMOD ${MODULE} PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)
