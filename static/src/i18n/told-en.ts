/** English words for warnings that would name inputs. */
export const toldEn = {
  'told.peak':
    '{{name}}: the yearly heat and the peak together are {{n0}} full-load hours, which this climate does not give ({{n1}} h for space heat alone); the yearly heat holds',
  'told.steamAbovePeak': '{{name}}: the steam flow gives more heat than the stated peak; the peak holds',
  'told.noDemand': '{{name}}: neither heat, peak, floor area nor steam is stated; no heat is counted',
  'told.withoutHeat':
    'Consumers that state neither heat, peak nor floor area ({{n0}}) are not counted: {{names}}',
  'told.ofSteam':
    'Consumers of steam ({{n0}}), whose heat is counted as if hot water could carry it: {{names}}',
  'told.doNotPay':
    'Plants do not pay at these numbers: the plan costs {{money}} more than heat from elsewhere for all; they stay because a number of plants or a site is required',
  'told.notProven': 'The search ended before the proof: a cheaper plan could save {{n0}} % at the most',
  'told.onConstraints': 'Candidate sites on land under a constraint: {{n0}}',
  'told.fuelEnds':
    '{{name}} is worked out after {{n0}} years at this use, a plant lives {{n1}}; the choice “fuel for life” plans with what lasts',
  'told.criterionUnknown':
    'The project has no roads, so the criterion “{{word}}” is not known and does not count',
  'told.fieldsTogether':
    '{{n0}} fields of {{n1}} deposits are counted together: hauls are their means, and fields that are worked out early do not show; choose fields as sources to take them one by one',
  'told.farPlant': '{{name}} lies more than {{n0}} km from every field; no peat is hauled there',
  'told.plantLeftOut': '{{name}} is left out: its row lacks what its fuel need is made of',
  'told.offNetwork': 'No road or line lies near enough to the plant {{name}}; nothing is within its reach',
  'told.fieldAlone': 'Field {{name}} lies in no deposit and is left out',
  'told.fieldOverlaps': 'Field {{name}} overlaps another one; peat under both is counted for the smaller',
  'told.fieldOutside': 'Field {{name}} lies outside its deposit; it holds nothing',
  'told.weatherFar': 'The station of the weather year {{word}} stands {{n0}} km from the nearest consumer',
  'told.fuelMissing':
    'The fuels give {{n0}} % of the need, {{n1}} MWh a year are missing; allow the backup fuel, more wood chips or more fields',
  'told.noFields': 'No field is prepared or in production: import fields, or count the undeveloped ones',
};
