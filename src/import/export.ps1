  $p='Server Remote Public Name','Server Remote Name','MPInternetFacing','MPIntranetFacing',
    'SslState','SSLWSUS','WSUSIISSSLPort','IsINF','IsIntranet','IISSSLPortsList','IISSSLState'
  'SMS_SCI_SysResUse','SMS_SCI_Component' |
    % { Get-CimInstance -Namespace root\SMS\site_PRI -ClassName $_ } |
    Select-Object RoleName,ItemName,SiteCode,NetworkOSPath,NALPath,SslState,Type,
      @{n='Props';e={@($_.Props |
        ? {$p -contains $_.PropertyName} |
        Select-Object PropertyName,Value,Value1)}} |
    ConvertTo-Json -Depth 4 | Set-Content site.json -Encoding UTF8
